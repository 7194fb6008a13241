package io.embedlake.provider.pack;

import io.embedlake.provider.wire.Budgets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What was learnt of each endpoint and model, shared by all who call it from one JVM. Thread-safe. */
public final class EndpointBudgets {
    private final Map<String, LearntBudgets> byEndpoint = new ConcurrentHashMap<>();

    /**
     * Of one of them.
     *
     * @param endpoint its name: the base URL and the model
     * @param documented what holds before anything was learnt
     */
    public LearntBudgets of(String endpoint, Budgets documented) {
        return byEndpoint.computeIfAbsent(endpoint, name -> new LearntBudgets(documented));
    }
}
