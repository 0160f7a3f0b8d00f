"""The probe: the small Lambda function that sends the packets, and the schema it speaks."""
