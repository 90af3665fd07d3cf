/**
 * A PPTP server on loopback that does what a test says, written after RFC 2637 and apart from the probe's codec. It
 * answers with what Debian 13's pptpd 1.5.0 answered (captured), changed where the behaviour says so.
 */
import { createServer, type Server, type Socket } from "node:net";

export interface Behaviour {
  /** `silent` answers nothing, `closes` ends the connection, `http` answers as another protocol would. */
  start?: "silent" | "closes" | "http" | { result: number; error: number };
  /** Ends so many connections before their first answer. @default 0 */
  drops?: number;
  call?: "silent" | "closes" | { result: number; error: number };
  /** The server's own call ID. @default 2048: position 2's first */
  callId?: number;
  /** Sends an Echo-Request before its answer to the call. */
  echo?: boolean;
  /** Sends each answer byte by byte. */
  inPieces?: boolean;
}

export interface FakeServer {
  address: string;
  port: number;
  /** The control types of what it has heard, in order. */
  heard: number[];
  /** Each message that it has heard. */
  messages: Buffer[];
  /** Whether it has heard one that it leaves without an answer, as `silent` says. */
  silent: boolean;
  stop(): Promise<void>;
}

export const START_REPLY =
  "009c00011a2b3c4d00020000010001000000000000000000000100016c6f63616c" + // host "local"
  "00".repeat(59) +
  "6c696e7578" + // vendor "linux"
  "00".repeat(59);
export const CALL_REPLY = "002000011a2b3c4d000800000000123401000000009896800003000000000000";

let next = 1;

/** @param port @default 1723 */
export async function fakeServer(behaviour: Behaviour = {}, port = 1723): Promise<FakeServer> {
  // An address of loopback for each, as the port is always the same: by process, as several run tests at once.
  const address = `127.${64 + ((process.pid >> 8) % 128)}.${process.pid % 256}.${(next++ % 254) + 1}`;
  const heard: number[] = [];
  const messages: Buffer[] = [];
  const sockets = new Set<Socket>();
  const { drops = 0 } = behaviour;
  const fake = { address, port, heard, messages, silent: false };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    let bytes = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 12 && bytes.length >= bytes.readUInt16BE(0)) {
        const message = bytes.subarray(0, bytes.readUInt16BE(0));
        bytes = bytes.subarray(message.length);
        heard.push(message.readUInt16BE(8));
        messages.push(message);
        if (heard.length <= drops) socket.end();
        else if (!answer(socket, message, behaviour)) fake.silent = true;
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  const stop = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return Object.assign(fake, { stop });
}

/** What it says to a message, in bytes, and whether it hangs up after that. */
interface Answer {
  say?: Buffer;
  end?: true;
}

/** @returns whether it has one. */
function answer(socket: Socket, message: Buffer, behaviour: Behaviour): boolean {
  const answer = answerTo(message, behaviour);
  const { say = Buffer.alloc(0), end } = answer;
  if (behaviour.inPieces) for (const byte of say) socket.write(Buffer.of(byte));
  else socket.write(say);
  if (end) socket.end();
  return answer !== SILENCE;
}

const SILENCE: Answer = {};

function answerTo(message: Buffer, behaviour: Behaviour): Answer {
  switch (message.readUInt16BE(8)) {
    case 1:
      return startAnswer(behaviour);
    case 7:
      return callAnswer(message, behaviour);
    case 12:
      return { say: Buffer.from("009400011a2b3c4d000d00000000040000".padEnd(296, "0"), "hex") };
    case 3:
      return { say: Buffer.from("001000011a2b3c4d0004000001000000", "hex"), end: true };
    default:
      return {};
  }
}

function startAnswer({ start = { result: 1, error: 0 } }: Behaviour): Answer {
  if (start === "silent") return SILENCE;
  if (start === "closes") return { end: true };
  if (start === "http") return { say: Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), end: true };
  const reply = Buffer.from(START_REPLY, "hex");
  reply[14] = start.result;
  reply[15] = start.error;
  return { say: reply };
}

function callAnswer(
  message: Buffer,
  { call = { result: 1, error: 0 }, callId = 2048, echo }: Behaviour,
): Answer {
  if (call === "silent") return SILENCE;
  if (call === "closes") return { end: true };
  const reply = Buffer.from(CALL_REPLY, "hex");
  reply.writeUInt16BE(callId, 12);
  message.copy(reply, 14, 12, 14);
  reply[16] = call.result;
  reply[17] = call.error;
  return { say: echo ? Buffer.concat([ECHO_REQUEST, reply]) : reply };
}

const ECHO_REQUEST = Buffer.from("001000011a2b3c4d000500000badcafe", "hex");
