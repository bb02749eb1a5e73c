"""What the frame of every page asks about the person."""

from django import template

from curation.people import queries

register = template.Library()
register.filter("moderates", queries.moderates)
