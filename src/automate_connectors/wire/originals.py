"""The functions of the standard library that this package replaces, as they were before.

Everything of ours that must not meet a fault or virtual time (the loopback server, the watchdog) calls these.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time

sleep = time.sleep
monotonic = time.monotonic
monotonic_ns = time.monotonic_ns
perf_counter = time.perf_counter
perf_counter_ns = time.perf_counter_ns
async_sleep = asyncio.sleep
getaddrinfo = socket.getaddrinfo
gethostbyname = socket.gethostbyname
connect = socket.socket.connect
connect_ex = socket.socket.connect_ex
settimeout = socket.socket.settimeout
sendto = socket.socket.sendto
recv = socket.socket.recv
recv_into = socket.socket.recv_into
read = ssl.SSLSocket.read
wrap_socket = ssl.SSLContext.wrap_socket
wrap_bio = ssl.SSLContext.wrap_bio
load_verify_locations = ssl.SSLContext.load_verify_locations
load_default_certs = ssl.SSLContext.load_default_certs
set_default_verify_paths = ssl.SSLContext.set_default_verify_paths
