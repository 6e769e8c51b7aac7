package io.github.futuresockets.bench.common;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/** Converters of results to JSON and back, in a single line for another process and in many lines for people. */
public final class Json {
    private static final GsonBuilder BUILDER = new GsonBuilder().disableHtmlEscaping();

    public static final Gson LINE = BUILDER.create();
    public static final Gson PAGE = BUILDER.setPrettyPrinting().create();

    private Json() {}
}
