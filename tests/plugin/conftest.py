"""The plugin is tested as a user meets it: pytest inside pytest, in a process of its own."""

pytest_plugins = ["pytester"]
