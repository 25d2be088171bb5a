"""The review as executable claims: experiments, and what they shall show."""
