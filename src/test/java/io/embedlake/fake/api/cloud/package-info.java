/** The services that are paid for. */
package io.embedlake.fake.api.cloud;
