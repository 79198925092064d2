// Is not yet there.
