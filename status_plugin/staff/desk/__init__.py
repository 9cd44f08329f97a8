"""The staff's desk: commands that write notes as a careful person would."""
