"""What a student takes home: report and notebook."""
