"""The lab's own certificate authority: a certificate for any name, made when it is asked for."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_VALID = timedelta(days=30)


class Authority:
    """A CA that lives as long as the lab, and the TLS contexts of its servers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("netprobe lab CA")
        self._certificate = self._sign(self._name, self._key.public_key(), None)
        self.path = folder / "ca.pem"
        self.path.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()

    def server_context(self, fallback: str, certifies: Callable[[str], bool]) -> ssl.SSLContext:
        """Return a context that serves the names it may certify when a client asks (SNI).

        Who asks for another name gets the certificate of ``fallback``, and finds that it does not
        fit. See RFC 6066, section 3.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._load(context, fallback)

        def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
            if name and certifies(name.lower()):
                connection.context = self._context_of(name)

        context.sni_callback = choose
        return context

    def _context_of(self, name: str) -> ssl.SSLContext:
        with self._lock:
            if name not in self._contexts:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self._load(context, name)
                self._contexts[name] = context
            return self._contexts[name]

    def _load(self, context: ssl.SSLContext, name: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(_named(name[:64]), key.public_key(), name)
        path = self._folder / f"{abs(hash(name)):x}.pem"
        path.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context.load_cert_chain(path)
        path.unlink()

    def _sign(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, name: str | None
    ) -> x509.Certificate:
        """Sign a certificate for a name, or for the CA itself without one."""
        now = datetime.now(UTC)  # noqa: TID251 # certificates have dates of this machine
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + _VALID)
            .add_extension(x509.BasicConstraints(ca=name is None, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )
        if name is None:
            builder = builder.add_extension(_CA_USAGE, critical=True)
        else:
            names = x509.SubjectAlternativeName([_general_name(name)])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self._key, hashes.SHA256())


_CA_USAGE = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=True,
    crl_sign=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
