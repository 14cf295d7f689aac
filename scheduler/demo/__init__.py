"""A demonstration center that looks like life: made-up people, a full week, half a year behind it.

The same every time but for today's date. Everything is planned as plain values first (``timetable``,
``talks``, ``stays``, ``listed``), so that a test can ask whether the plan is without collisions;
``center`` then makes it through the services that pages use.
"""
