package io.github.futuresockets.bench;

import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.common.UsageException;
import io.github.futuresockets.bench.compare.LoadJvm;
import java.io.IOException;
import java.util.List;

/** The command line of the benchmarks and the demonstration. */
public final class Main {
    private static final String USAGE = "usage: java -jar futuresockets-bench.jar COMMAND [--name value ...]\n\n"
            + Demo.USAGE + Serve.USAGE + Load.USAGE + Measure.USAGE + Idle.USAGE + Compare.USAGE + AllocationGate.USAGE
            + """
            jmh [ARGUMENTS OF JMH]
                The microbenchmarks, for instance: jmh EchoBenchmark -prof gc
            """;

    private interface Command {
        int run(Arguments arguments) throws Exception;
    }

    private Main() {}

    /**
     * Runs a command and ends the JVM. The exit status is 0 after success, 1 after a failure, and 2 after a wrong
     * command line.
     *
     * @param args the command and its arguments
     */
    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    private static int run(List<String> args) {
        String name = args.isEmpty() ? "" : args.get(0);
        if (name.equals("help") || args.contains("--help")) {
            System.out.print(USAGE);
            return 0;
        }
        try {
            if (name.equals("jmh")) {
                org.openjdk.jmh.Main.main(args.subList(1, args.size()).toArray(String[]::new));
                return 0;
            }
            return command(name).run(new Arguments(args.subList(Math.min(1, args.size()), args.size())));
        } catch (UsageException e) {
            System.err.println("error: " + e.getMessage() + "\n");
            System.err.print(USAGE);
            return 2;
        } catch (IOException e) {
            System.err.println("error: " + e);
            return 1;
        } catch (Exception e) {
            e.printStackTrace();
            return 1;
        }
    }

    private static Command command(String name) throws UsageException {
        switch (name) {
            case "demo":
                return Demo::run;
            case "serve":
                return Serve::run;
            case "load":
                return Load::run;
            case LoadJvm.COMMAND:
                return LoadJvm::run;
            case "measure":
                return Measure::run;
            case "compare":
                return Compare::run;
            case "report":
                return Compare::report;
            case "idle":
                return Idle::run;
            case "allocation":
                return AllocationGate::run;
            case AllocationGate.FORK:
                return AllocationGate::fork;
            case "":
                throw new UsageException("a command is missing");
            default:
                throw new UsageException("unknown command: " + name);
        }
    }
}
