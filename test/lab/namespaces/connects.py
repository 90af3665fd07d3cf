"""TCP under any address, for reach.test.ts. The namespace takes what comes by eth0 for its own, whatever it is for.

listen PORT …   takes connections on these ports and ends them; "ready" once it does
connect         [[source, destination, port], …] on stdin; prints for each whether it was taken. A SYN that was dropped is sent again after a second, and once more.
"""
import asyncio, json, socket, struct, sys

IP_TRANSPARENT = 19
LIMIT = 400
SECONDS = 2.5


def transparent():
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.IPPROTO_IP, IP_TRANSPARENT, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Ended by a reset: nothing is left over.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.setblocking(False)
    return sock


async def listen(ports):
    async def end(reader, writer):
        await reader.read(1)
        writer.close()

    for port in ports:
        sock = transparent()
        sock.bind(("0.0.0.0", port))
        await asyncio.start_server(end, sock=sock, backlog=512)
    print("ready", flush=True)
    await asyncio.Event().wait()


async def connect(asked):
    slots = asyncio.Semaphore(LIMIT)
    loop = asyncio.get_running_loop()

    async def taken(source, destination, port):
        async with slots:
            sock = transparent()
            try:
                sock.bind((source, 0))
                await asyncio.wait_for(loop.sock_connect(sock, (destination, port)), SECONDS)
                return True
            except (TimeoutError, asyncio.TimeoutError):
                return False
            finally:
                sock.close()

    return await asyncio.gather(*(taken(*each) for each in asked))


if sys.argv[1] == "listen":
    asyncio.run(listen(map(int, sys.argv[2:])))
else:
    print(json.dumps(asyncio.run(connect(json.load(sys.stdin)))))
