"""The commands of `mhsim`; each module holds a few, and imports what is slow to import only when it is called."""
