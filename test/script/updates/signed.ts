/** A text signed by a key that nobody has any more, and the key's certificate. */

export const CERTIFICATE = Buffer.from(
  "mDMEaVW5ABYJKwYBBAHaRw8BAQdADoATSlRHaJlweVvNJVLq+3U/pKlaFm/pXWAXkS/VPG60JU5vYm9keSdzIGFyY2hpdmUgPG5vYm9keUBleG" +
    "FtcGxlLm9yZz6IkAQTFggAOBYhBK8/qdkcJI+b/3n5JOcolaUhJ4xhBQJpVbkAAhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJEOcolaUh" +
    "J4xhO/gA/0HDAfKMBil67kX2WyuOW+Fp2GGLnX7FlCVIQrCb7TsWAP0fhTvAY9YFzzK2xIZ646gRjcHCIXPDR5Kx4KRriYjTDg==",
  "base64",
);

export const SIGNED = `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

Origin: Nobody
Suite: stable
Codename: trixie
Date: Sat, 21 Nov 2026 09:15:44 UTC
Acquire-By-Hash: yes
- - a line that begins with a hyphen
SHA256:
 2efd6103f013081f8118f4c9f228739bc97bff2e4e1de496f80458c7e72a24ac 56634892 main/binary-amd64/Packages
 be3d7d96a040eda0505c1808cccc67f183bbc05dff0842c50f88e6c396557412  9679304 main/binary-amd64/Packages.xz
-----BEGIN PGP SIGNATURE-----

iHUEARYIAB0WIQSvP6nZHCSPm/95+STnKJWlISeMYQUCaVcKgAAKCRDnKJWlISeM
YY5gAQDASGIM46XJvedUCZhvATlP6NMLGvUqaKGvPABNQ/jlHAEA8br7jWLzK34O
wHBeYa08UbPi+Xgi1YA8A8b6ni7jRQk=
=yUQe
-----END PGP SIGNATURE-----
`;
