"""
dials.py LIMIT HOST PORT: a client of a port that sends back what it gets, as the firewall sees it. Holds LIMIT connections
that have spoken and says how many it got; after a line from stdin, how many of them still carry what is said, and how many
of LIMIT more come through.
"""

import socket
import sys

LIMIT, TARGET = int(sys.argv[1]), (sys.argv[2], int(sys.argv[3]))


def dial():
    connection = socket.socket()
    connection.settimeout(2)
    try:
        connection.connect(TARGET)
    except OSError:
        return None
    return connection


def speaks(connection):
    try:
        connection.sendall(bytes(156))
        return len(connection.recv(156)) == 156
    except OSError:
        return False


held = [each for each in [dial() for _ in range(LIMIT)] if each and speaks(each)]
print(len(held), flush=True)
sys.stdin.readline()
alive = sum(map(speaks, held))
more = [each for each in [dial() for _ in range(LIMIT)] if each]
print(alive, len(more), flush=True)
