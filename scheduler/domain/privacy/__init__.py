"""What is told about a person and to whom: inquiries, reviews, export, erasure, who saw whom."""
