"""What ``automate-connectors new`` writes: a connector project, drafted from an OpenAPI 3 document."""
