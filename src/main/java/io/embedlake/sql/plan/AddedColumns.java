package io.embedlake.sql.plan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The columns that a node adds behind those of its child. Immutable.
 *
 * @param columns in their order
 */
record AddedColumns(List<Attribute> columns) implements Serializable {
    AddedColumns {
        columns = List.copyOf(columns);
    }

    Seq<Attribute> behind(Seq<Attribute> child) {
        List<Attribute> all = new ArrayList<>(CollectionConverters.asJava(child));
        all.addAll(columns);
        return CollectionConverters.asScala(all).toSeq();
    }

    AttributeSet set() {
        return AttributeSet$.MODULE$.apply(CollectionConverters.asScala(List.<Expression>copyOf(columns)));
    }
}
