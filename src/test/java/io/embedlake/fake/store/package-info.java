/** Object stores and HDFS for tests: servers as processes of their own, and a proxy that makes them slow and unreliable. */
package io.embedlake.fake.store;
