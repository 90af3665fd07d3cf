"""Listens on TCP and UDP port 5000 and tells each caller the address that it is seen as."""
import socket
import threading

tcp = socket.create_server(("0.0.0.0", 5000))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", 5000))


def datagrams():
    while True:
        _, caller = udp.recvfrom(100)
        udp.sendto(caller[0].encode(), caller)


threading.Thread(target=datagrams, daemon=True).start()
while True:
    connection, caller = tcp.accept()
    connection.sendall(caller[0].encode())
    connection.close()
