"""Messages from a page, none of them trusted: pulls, writes, requests for views."""
