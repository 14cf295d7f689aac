"""What coordinators do to series, enrollments and duties at once. Has no tables."""
