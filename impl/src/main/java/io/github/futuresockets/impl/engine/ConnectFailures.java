package io.github.futuresockets.impl.engine;

import io.github.futuresockets.impl.common.Errors;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The failures of the attempts of a {@link Connect}, and the exceptions that report the failures. */
final class ConnectFailures {
    // guarded by the monitor of the Connect
    private final List<Throwable> all = new ArrayList<>();

    /** Adds the failure of an attempt. */
    void add(ConnectTry attempt, Throwable why) {
        ConnectException each = new ConnectException(
                attempt.address + ": " + (attempt.late ? "no answer in its share of the time" : Errors.reason(why)));
        each.initCause(why);
        all.add(each);
    }

    /** Returns the exception for a connect whose addresses have all failed. */
    IOException refused(String what) {
        IOException refused = new ConnectException(what + ": "
                + (all.size() == 1 ? Errors.reason(all.get(0).getCause()) : "all " + all.size() + " addresses failed"));
        all.forEach(refused::addSuppressed);
        return refused;
    }

    /** Returns the exception for a connect that has timed out while the {@code running} attempts had no answer. */
    IOException late(String what, Duration timeout, int tried, int addresses, Collection<ConnectTry> running) {
        String after = " after " + timeout;
        IOException late = new SocketTimeoutException(
                what + ": not connected" + after + ", " + tried + " of " + addresses + " addresses tried");
        all.forEach(late::addSuppressed);
        running.forEach(each -> late.addSuppressed(new SocketTimeoutException(each.address + ": no answer" + after)));
        return late;
    }
}
