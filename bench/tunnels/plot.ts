/** The gains of a run as a picture, by gnuplot: a point a row, its spread beside it, a line where nothing is gained. */
import { run } from "../../lab/host/run.ts";
import type { Line } from "./results.ts";

/** What lies beyond is drawn at the edge. */
const [LEAST, MOST] = [0.25, 4];

/** What gnuplot is given on stdin: its commands, with the data in them. */
export function plotCommands(lines: Line[]): string {
  const within = (value: number) => Math.min(MOST, Math.max(LEAST, value)).toFixed(4);
  const data = lines.map(({ row, gain }, i) => {
    const [low, high] = gain.median;
    // A bound has no middle: it is drawn where it is known.
    const middle = Number.isFinite(high) ? high : low;
    const [least, most] = gain.spread;
    return `${within(middle)} ${lines.length - i} ${within(least)} ${within(most)} "${row.title}"`;
  });
  return `set terminal svg size 960,${90 + 30 * lines.length} font "sans-serif,13" background "white"
set logscale x 2
set xrange [${LEAST / 1.05}:${MOST * 1.05}]
set yrange [0.4:${lines.length + 0.6}]
set xtics ("¼" 0.25, "½" 0.5, "0.8" 0.8, "1" 1, "1.25" 1.25, "2" 2, "4" 4)
set xlabel "gain over stock (bar: least and most of the rounds)"
set grid xtics linecolor rgb "#dddddd"
set arrow from 1,0.4 to 1,${lines.length + 0.6} nohead linewidth 2 linecolor rgb "#888888"
unset key
$gains << END
${data.join("\n")}
END
plot $gains using 1:2:3:4:ytic(5) with xerrorbars pointtype 7 pointsize 0.6 linewidth 2 linecolor rgb "#1f5fa8"
`;
}

/** @returns the picture, SVG. */
export async function plot(lines: Line[]): Promise<string> {
  return (await run("gnuplot", [], { input: plotCommands(lines) })).stdout;
}

/** Debian's gnuplot, where there is none. Outside of the lab's namespaces. */
export async function needGnuplot(): Promise<void> {
  const found = await run("sh", ["-c", "command -v gnuplot"], { mayFail: true });
  if (found.code === 0) return;
  console.error("… installing from Debian: gnuplot-nox");
  const apt = "apt-get -q update && apt-get -qy install --no-install-recommends gnuplot-nox";
  await run("sh", ["-c", apt], { timeoutMs: 600_000, env: { DEBIAN_FRONTEND: "noninteractive" } });
}
