package io.github.futuresockets.bench.common;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/** Results as text: for another process in one line, for people in many. */
public final class Json {
    private static final GsonBuilder BUILDER = new GsonBuilder().disableHtmlEscaping();

    public static final Gson LINE = BUILDER.create();
    public static final Gson PAGE = BUILDER.setPrettyPrinting().create();

    private Json() {}
}
