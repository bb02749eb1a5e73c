"""The servers a bare machine lacks, started and stopped with the site, and the commands around them.

For one machine and for tests. Where DATABASE_URL or REDIS_URL is set, that server is used instead.
"""
