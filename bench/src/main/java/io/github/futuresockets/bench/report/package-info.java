/**
 * The results of a comparison for a reader.
 *
 * <p>{@link HtmlReport} writes a page with tables and with the charts of {@code BarChart} and {@code LatencyChart},
 * each drawn as an {@code Svg}. {@link MarkdownReport} writes tables only.
 *
 * <p><b>Dependencies.</b> {@code common}, {@code load} and {@code result}. <b>Threads.</b> A report stays on the thread
 * of its caller. There are no locks and no buffers.
 */
@NullMarked
package io.github.futuresockets.bench.report;

import org.jspecify.annotations.NullMarked;
