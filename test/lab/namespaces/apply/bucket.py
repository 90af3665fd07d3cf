"""
bucket.py FOLDER: EC2's metadata service on 169.254.169.254, and S3 on 127.0.0.1 under a bucket's own name, for one
machine. Objects are files below FOLDER/objects; FOLDER/mood says how the next requests are answered, FOLDER/log what was asked.

A request's signature is checked by botocore, from AWS's own test suite's code; its clock is this machine's, or a day
ahead. Leaves out: IAM, versions, all operations but get and put of an object.
"""

import datetime
import hashlib
import http.server
import json
import os
import ssl
import sys
import threading

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FOLDER = sys.argv[1]
REGION, ACCOUNT, ROLE = "eu-west-1", "123456789012", "fleet-a-1"
HOST = f"fleet.s3.{REGION}.amazonaws.com"
# Secrets of AWS's kind: base64 with all that it may have.
KEY, SECRET, TOKEN = "ASIAEXAMPLE", "abc/def+ghi/1234567890", "tok/en+with=" + "x" * 300
DAY = datetime.timedelta(days=1)


def mood():
    with open(f"{FOLDER}/mood") as file:
        return file.read()


def note(line):
    with open(f"{FOLDER}/log", "a") as log:
        log.write(line + "\n")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, code, body=b"", headers=(), length=None):
        self.send_response_only(code)
        ahead = DAY if mood() == "a day ahead" else 0 * DAY
        self.send_header("Date", f"{datetime.datetime.now(datetime.UTC) + ahead:%a, %d %b %Y %H:%M:%S GMT}")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Connection", "close")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_):
        pass


class Metadata(Handler):
    def do_PUT(self):
        ttl = self.headers["X-aws-ec2-metadata-token-ttl-seconds"]
        if mood() == "no metadata" or self.path != "/latest/api/token" or not 1 <= int(ttl) <= 21600:
            return self.answer(400)
        return self.answer(200, b"session")

    def do_GET(self):
        if self.headers["X-aws-ec2-metadata-token"] != "session":
            return self.answer(401)
        credentials = {"Code": "Success", "AccessKeyId": KEY, "SecretAccessKey": SECRET, "Token": TOKEN}
        if mood() == "no credentials":
            credentials = {"Code": "Failed"}
        known = {
            "meta-data/iam/security-credentials/": ROLE,
            f"meta-data/iam/security-credentials/{ROLE}": json.dumps(credentials),
            "meta-data/services/domain": "amazonaws.com",
            "dynamic/instance-identity/document": json.dumps({"region": REGION, "accountId": ACCOUNT}),
        }
        if mood() == "no role":
            known = {path: text for path, text in known.items() if "iam" not in path}
        found = known.get(self.path.removeprefix("/latest/"))
        return self.answer(404) if found is None else self.answer(200, found.encode())


class Bucket(Handler):
    def error(self, code, name):
        self.answer(code, f'<?xml version="1.0"?>\n<Error><Code>{name}</Code><Message>x</Message></Error>'.encode())

    def trusted(self, body):
        """Whether the request is signed by the machine's role, all that S3 looks at with it."""
        names = self.headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
        needed = {"host", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "x-amz-expected-bucket-owner"}
        request = AWSRequest(
            self.command, f"https://{HOST}{self.path}", {each: self.headers[each] for each in names}, body
        )
        request.context["timestamp"] = self.headers["x-amz-date"]
        auth = S3SigV4Auth(Credentials(KEY, SECRET, TOKEN), "s3", REGION)
        signature = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
        scope = f"Credential={KEY}/{self.headers['x-amz-date'][:8]}/{REGION}/s3/aws4_request"
        return (
            needed <= set(names)
            and f"{scope}," in self.headers["authorization"]
            and self.headers["authorization"].endswith(f"Signature={signature}")
            and self.headers["x-amz-content-sha256"] == hashlib.sha256(body).hexdigest()
            and self.headers["x-amz-security-token"] == TOKEN
            and self.headers["x-amz-expected-bucket-owner"] == ACCOUNT
        )

    def do_GET(self):
        self.handle_object(b"")

    def do_PUT(self):
        self.handle_object(self.rfile.read(int(self.headers["Content-Length"])))

    def handle_object(self, body):
        now = mood()
        note(f"{self.command} {self.path}{' unless other' if self.headers['if-none-match'] else ''}")
        moods = {
            "403": (403, "AccessDenied"),
            "404": (404, "NoSuchBucket"),
            "503": (503, "SlowDown"),
            "a day ahead": (403, "RequestTimeTooSkewed"),
        }
        if now in moods:
            return self.error(*moods[now])
        if not self.trusted(body):
            return self.error(403, "SignatureDoesNotMatch")
        path = f"{FOLDER}/objects{self.path}"
        if self.command == "PUT":
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(body)
            return self.answer(200)
        if not os.path.exists(path):
            return self.error(403, "AccessDenied")
        with open(path, "rb") as file:
            data = file.read()
        if now == "no JSON" and path.endswith("desired"):
            data = b"<html>"
        if now == "no version" and path.endswith("desired"):
            data = b'["x"]'
        if now == "cut short":
            return self.answer(200, data[:-1], length=len(data))
        tag = f'"{hashlib.md5(data).hexdigest()}"'
        if self.headers["if-none-match"] == tag:
            return self.answer(304, headers=[("ETag", tag)])
        return self.answer(200, data, [("ETag", tag)])


def certified(authority, name, starts, issuer=None):
    """A certificate's file, with its key; the authority's own where there is no issuer."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer[0].subject if issuer else subject)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(starts).not_valid_after(starts + 30 * DAY)
    builder = builder.add_extension(x509.BasicConstraints(ca=not issuer, path_length=None), critical=True)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    # Python 3.13 wants these (X.509's strict rules).
    own, above = (x509.SubjectKeyIdentifier.from_public_key(each.public_key()) for each in (key, (issuer or [key])[-1]))
    builder = builder.add_extension(own, critical=False).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(above), critical=False
    )
    usage = dict.fromkeys(
        [
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ],
        False,
    )
    usage |= {"digital_signature": bool(issuer), "key_cert_sign": not issuer, "crl_sign": not issuer}
    builder = builder.add_extension(x509.KeyUsage(**usage), critical=True)
    certificate = builder.sign(issuer[1] if issuer else key, hashes.SHA256())
    with open(authority, "wb") as file:
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
        form = serialization.PrivateFormat.PKCS8
        file.write(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return certificate, key


now = datetime.datetime.now(datetime.UTC)
root = certified(f"{FOLDER}/authority.pem", "authority", now - DAY)
contexts = {}
for which, starts in (("good", now - DAY), ("tomorrow's", now + DAY)):
    certified(f"{FOLDER}/{which}.pem", HOST, starts, root)
    contexts[which] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexts[which].load_cert_chain(f"{FOLDER}/{which}.pem")
contexts["good"].sni_callback = lambda connection, *_: setattr(
    connection, "context", contexts["tomorrow's" if mood() == "tomorrow's" else "good"]
)


class Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass


metadata = Quiet(("169.254.169.254", 80), Metadata)
bucket = Quiet(("127.0.0.1", 443), Bucket)
bucket.socket = contexts["good"].wrap_socket(bucket.socket, server_side=True)
threading.Thread(target=metadata.serve_forever, daemon=True).start()
print("ready", flush=True)
bucket.serve_forever()
