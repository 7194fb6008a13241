/** What a fake provider is asked to be: values only. */
package io.embedlake.fake.settings;
