package io.embedlake.fake.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.http.Json;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures of a fake at one moment. Immutable.
 *
 * @param requests all of them, refused ones too
 * @param inputs texts of well-formed calls, refused ones too
 * @param tokens of those texts
 * @param statuses how many answers had each status
 * @param faults how often each happened, by its word
 * @param windowMaxima the most that any window saw, by unit and window ({@code 1s}, {@code 10s}, {@code 60s}), refused calls included
 * @param rowsBilled how many different texts were billed
 * @param rowsBilledAgain how many of them more than once
 * @param billings how many texts were billed, each as often as it was
 * @param tokensBilled of those
 */
public record Stats(
        long requests,
        long inputs,
        long tokens,
        int peakConcurrency,
        Map<Integer, Integer> statuses,
        Map<String, Integer> faults,
        Map<String, Map<String, Long>> windowMaxima,
        long rowsBilled,
        long rowsBilledAgain,
        long billings,
        long tokensBilled) {
    public Stats {
        statuses = Map.copyOf(statuses);
        faults = Map.copyOf(faults);
        windowMaxima = Map.copyOf(windowMaxima);
    }

    /** The most requests, tokens or inputs of any window, such as {@code most("requests", "10s")}. */
    public long most(String unit, String window) {
        return windowMaxima.get(unit).get(window);
    }

    /** The figures with their names in lower case and underscores. */
    public ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("requests", requests).put("inputs", inputs).put("tokens", tokens);
        json.put("peak_concurrency", peakConcurrency);
        ObjectNode byStatus = json.putObject("statuses");
        new TreeMap<>(statuses).forEach((status, times) -> byStatus.put(status.toString(), times));
        ObjectNode byFault = json.putObject("faults");
        new TreeMap<>(faults).forEach(byFault::put);
        ObjectNode maxima = json.putObject("window_maxima");
        new TreeMap<>(windowMaxima).forEach((unit, windows) -> {
            ObjectNode ofUnit = maxima.putObject(unit);
            windows.forEach(ofUnit::put);
        });
        json.put("rows_billed", rowsBilled).put("rows_billed_again", rowsBilledAgain);
        return json.put("billings", billings).put("tokens_billed", tokensBilled);
    }
}
