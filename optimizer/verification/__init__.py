"""Is it really so? Checks a certificate in whole numbers, knowing nothing of how it was found."""

from optimizer.verification.verify import Verdict, verify_certificate

__all__ = ["Verdict", "verify_certificate"]
