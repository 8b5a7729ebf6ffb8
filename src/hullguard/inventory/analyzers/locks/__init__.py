"""Lock files of source trees, one module a format: what a project is promised to be built from.

What they have in common is decided here, once:

- A package is what comes from somewhere else. The project itself, members of its workspace and
  folders of the tree are the user's own code; their own manifests name what they bring.
- Versions and names stand as written; matching normalises. A dependency locked to a commit or
  an address keeps its name, with an empty version if the file states none: nobody can tell it.
- `scope` is "dev" or "optional" where the file tells it, and empty if a package is needed at
  run time too.
- A broken record is a gap; a file that is none of its format is refused as a whole.
"""
