// server: as much of a PostgreSQL as a client needs to come in, over TLS or not. It asks for a password and answers every
// statement with nothing (https://www.postgresql.org/docs/17/protocol-message-formats.html).

import { type AddressInfo, createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Certificate } from "./certificate";

export interface Doorkeeper {
  readonly port: number;
  /** What is accepted from now on: this, or whatever looks so. */
  password: string | RegExp;
  /** With which code it refuses any other. */
  refusal: string;
  /** What it was shown, in order. */
  readonly shown: string[];
  /** Closes every connection. */
  readonly hangUp: () => void;
  readonly end: () => Promise<void>;
}

/** With a certificate it speaks TLS where it is asked to; without one it says that it cannot. */
export async function doorkeeper(certificate?: Certificate): Promise<Doorkeeper> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    serve(socket);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const keeper: Doorkeeper = {
    port: (server.address() as AddressInfo).port,
    password: "",
    refusal: "28P01",
    shown: [],
    hangUp: () => {
      for (const socket of sockets) socket.destroy();
    },
    end: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      keeper.hangUp();
      await closed;
    },
  };
  return keeper;

  function serve(socket: Socket): void {
    socket.on("error", () => undefined); // a client that refuses us hangs up in the middle
    socket.once("data", (first) => {
      if (first.readUInt32BE(4) !== sslRequest) return greet(socket);
      socket.write(certificate ? "S" : "N");
      if (certificate === undefined) return serve(socket);
      const encrypted = new TLSSocket(socket, { isServer: true, ...certificate });
      encrypted.on("error", () => undefined);
      encrypted.once("data", () => greet(encrypted));
    });
  }

  function greet(socket: Socket): void {
    socket.write(message("R", int32(3)));
    socket.on("data", (data) => {
      const kind = String.fromCharCode(data[0] ?? 0);
      if (kind === "Q") socket.write(Buffer.concat([message("C", text("SELECT 0")), ready]));
      if (kind === "X") socket.end();
      if (kind !== "p") return;
      const shown = data.toString("utf8", 5, data.length - 1);
      keeper.shown.push(shown);
      const { password } = keeper;
      if (typeof password === "string" ? shown === password : password.test(shown))
        socket.write(Buffer.concat([message("R", int32(0)), ready]));
      else
        socket.end(
          message("E", text("SFATAL"), text(`C${keeper.refusal}`), text("Mpassword authentication failed"), text("")),
        );
    });
  }
}

const sslRequest = 80_877_103;

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string) => Buffer.from(`${value}\0`);
const message = (kind: string, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]);
};
const ready = message("Z", Buffer.from("I"));
