package io.embedlake.sql.nearest;

import io.embedlake.sql.plan.LogicalStep;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeMap$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.math.BigInt;

/** The child's rows, each as often as it gets nearest rows, with their ids behind it. Immutable. */
public final class NearestRows extends LogicalStep {
    private final NearestSearch search;
    private final Expression query;
    private final Seq<Attribute> ids;

    /**
     * A node; Spark copies it by this constructor too.
     *
     * @param query the vector of a row of the child, {@code array<float>}
     * @param ids the columns that are added, for the parts of an id
     */
    public NearestRows(NearestSearch search, Expression query, Seq<Attribute> ids, LogicalPlan child) {
        super(CollectionConverters.asJava(ids), child);
        this.search = search;
        this.query = query;
        this.ids = ids;
    }

    NearestSearch search() {
        return search;
    }

    Expression query() {
        return query;
    }

    Seq<Attribute> ids() {
        return ids;
    }

    /** Spark would take it for as large as its child, and might send it to all executors. */
    @Override
    public Statistics stats() {
        return new Statistics(
                child().stats().sizeInBytes().$times(BigInt.apply(search.k())),
                Option.empty(),
                AttributeMap$.MODULE$.empty(),
                false);
    }

    @Override
    protected List<Object> parts() {
        return List.of(search, query, ids);
    }

    @Override
    protected LogicalPlan over(LogicalPlan other) {
        return new NearestRows(search, query, ids, other);
    }
}
