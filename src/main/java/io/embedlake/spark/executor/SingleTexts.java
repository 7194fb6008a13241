package io.embedlake.spark.executor;

import io.embedlake.pipeline.EmbeddingPipeline.Item;
import io.embedlake.pipeline.TextPipeline;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;

/**
 * Embeds inputs one by one, where Spark evaluates a call row by row: the same vectors as in batches but for their last bits, more slowly. Stateless but for the models
 * that tasks keep until they end; thread-safe.
 */
public final class SingleTexts {
    private static final Map<OfTask, TextPipeline> OPEN = new ConcurrentHashMap<>();

    private record OfTask(long attempt, LoadedModel model) {}

    private SingleTexts() {}

    /**
     * What becomes of a text or an image; in a task or on the driver.
     *
     * @throws EmbedlakeException when a fault is not its own
     */
    public static Outcome embed(LoadedModel model, Input input) {
        TaskContext task = TaskContext.get();
        if (task == null) {
            try (ModelLease lease = ModelLease.of(model, null, 0);
                    TextPipeline pipeline = lease.pipeline()) {
                return embed(model, input, pipeline);
            }
        }
        OfTask key = new OfTask(task.taskAttemptId(), model);
        TextPipeline open = OPEN.get(key);
        return embed(model, input, open == null ? open(task, key) : open);
    }

    private static TextPipeline open(TaskContext task, OfTask key) {
        ModelLease lease = ModelLease.of(key.model(), task, 0);
        EmbedTexts.closeAtEnd(task, lease::close);
        TextPipeline pipeline = lease.pipeline();
        EmbedTexts.closeAtEnd(task, () -> {
            OPEN.remove(key);
            pipeline.close();
        });
        OPEN.put(key, pipeline);
        return pipeline;
    }

    private static Outcome embed(LoadedModel model, Input input, TextPipeline pipeline) {
        Outcome outcome =
                pipeline.run(List.of(new Item<>(0, input)).iterator()).next().outcome();
        return EveryRow.ofText(outcome, model.spec().label(), pipeline);
    }
}
