package io.github.futuresockets.impl;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The failures of the attempts of one {@link Connect}, whose monitor guards them, and the exceptions that report them. */
final class ConnectFailures {
    private final List<Throwable> all = new ArrayList<>();

    void add(ConnectTry attempt, Throwable why) {
        ConnectException each = new ConnectException(
                attempt.address + ": " + (attempt.late ? "no answer in its share of the time" : Errors.reason(why)));
        each.initCause(why);
        all.add(each);
    }

    /** Reports that every address has failed. */
    IOException refused(String what) {
        IOException refused = new ConnectException(what + ": "
                + (all.size() == 1 ? Errors.reason(all.get(0).getCause()) : "all " + all.size() + " addresses failed"));
        all.forEach(refused::addSuppressed);
        return refused;
    }

    /** Reports that the time is over, while some attempts are without an answer. */
    IOException late(String what, Duration timeout, int tried, int addresses, Collection<ConnectTry> running) {
        String after = " after " + timeout;
        IOException late = new SocketTimeoutException(
                what + ": not connected" + after + ", " + tried + " of " + addresses + " addresses tried");
        all.forEach(late::addSuppressed);
        running.forEach(each -> late.addSuppressed(new SocketTimeoutException(each.address + ": no answer" + after)));
        return late;
    }
}
