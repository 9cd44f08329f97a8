"""The content folder's texts, read into notes and components."""
