"""The knowledge we write, as data, and its loader. One YAML file a check: `checks/AREA/ID.yaml`."""
