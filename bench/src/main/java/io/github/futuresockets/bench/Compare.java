package io.github.futuresockets.bench;

import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.compare.Comparison;
import io.github.futuresockets.bench.compare.ComparisonProgress;
import io.github.futuresockets.bench.compare.Environment;
import io.github.futuresockets.bench.compare.Plan;
import io.github.futuresockets.bench.report.HtmlReport;
import io.github.futuresockets.bench.report.MarkdownReport;
import io.github.futuresockets.bench.result.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Measures all peers side by side, and writes the results as JSON, text, table and page. */
final class Compare {
    static final String USAGE = """
            compare [--quick] [--tls] [--peers A,B...] [--workloads V,W...] [--rounds N] [--out DIR]
                Each peer under each workload, N rounds of all of them: server CPU time per message, rate and latency,
                each with its ratio to c-epoll (selector where there is no C compiler) and to the best peer. Writes
                results.json, env.txt, table.md and report.html, a page to look at.
                Workloads: %s.
                Peers: those of serve, less the variants; class:NAME is a class with their interface.
                tls: the workloads over TLS 1.3 instead, and the peers that have it: netty-* and vertx with the engine of the
                JDK, netty-*-openssl with BoringSSL, selector with the bare engine over a selector loop written by hand. The key
                of all is EC P-256, their cipher TLS_AES_128_GCM_SHA256, and no session is resumed. A message of tls-bulk-1m is
                a MiB.
                Defaults: all of both, 3 rounds, ./comparison. All takes an hour; quick, a part of the workloads
                with short measurements in JVMs that are kept, less than eight minutes. With --tls all JVMs are kept, because the
                ciphers take long to be compiled; that is twenty minutes.
            report --results FILE [--out DIR]
                Writes the same once more from results.json, to the folder where that is unless another is named.
            """.formatted(Plan.names());

    private Compare() {}

    static int run(Arguments arguments) throws Exception {
        Path folder = Path.of(arguments.text("out", "comparison"));
        Plan plan = Plan.from(arguments);
        arguments.end();
        // Because a comparison takes long, an unusable folder fails the command before the first measurement.
        Files.createDirectories(folder);
        plan.absent().forEach((peer, obstacle) -> System.out.println(peer + " cannot run here: " + obstacle));
        try (Comparison comparison = new Comparison(plan, new ComparisonProgress(plan.size()))) {
            write(comparison.run(), folder);
        }
        return 0;
    }

    static int report(Arguments arguments) throws Exception {
        Path file = Path.of(arguments.text("results"));
        Path folder =
                Path.of(arguments.text("out", file.toAbsolutePath().getParent().toString()));
        arguments.end();
        Files.createDirectories(folder);
        write(Results.read(file), folder);
        return 0;
    }

    static void write(Results results, Path folder) throws IOException {
        Files.writeString(folder.resolve("results.json"), results.json());
        Files.writeString(folder.resolve("env.txt"), Environment.text(results.environment()));
        Files.writeString(folder.resolve("table.md"), MarkdownReport.of(results));
        Files.writeString(folder.resolve("report.html"), new HtmlReport(results).page());
        System.out.println("written: " + folder.resolve("report.html").toAbsolutePath());
    }
}
