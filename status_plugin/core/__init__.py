"""The rules of the page: values in, values out; no Flask, no file, no socket, no clock."""
