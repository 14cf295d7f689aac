"""Aftercare Scheduler: groups, individual sessions and mutual-help meetings in one plan.

The map of the package; each layer may use only what stands above it here.

=================  ==============================================================================
``clock``          the only reader of the clock
``errors``         what a service may refuse with
``config``         every setting, its default, and what production refuses
``logs``           how processes write logs, and what no line of them carries
``store``          the database: base, transactions, locks, revisions, audit, outbox, migrations
``domain``         the service itself, one package an idea, in the order they may use each other:
                   people, places, schedule, enrollment, roster, planning, attendance, calendars,
                   mutual_help
``formats``        values to bytes and back: calendars, meeting lists
``notifications``  composing and delivering messages
``extensions``     the Flask extensions
``web``            pages, one package an audience; ``guard`` decides who may use what
``jobs``           what the worker runs
``cli``            the ``aftercare`` command
``demo``           the demonstration center
``app``            ``create_app``: the one place that wires everything
``wsgi``           the application as a server loads it
=================  ==============================================================================
"""
