"""What the commands of the project do: each package is a command or a family of them, on `base`."""
