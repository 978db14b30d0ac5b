"""A Django app: connection profiles in the database, a check that names uncertified connectors, two commands.

Put ``automate_connectors.contrib.django`` into ``INSTALLED_APPS``. The setting ``AUTOMATE_CONNECTORS`` may hold
``certification_dir`` (where reports lie; by default ``certification`` under ``BASE_DIR``) and ``min_level``, by default
``bronze``.
"""
