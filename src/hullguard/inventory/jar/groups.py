"""Which Maven group publishes an artifact whose archive does not tell it.

Gradle and Ant put no `pom.properties` into archives, so the well-known libraries that are built
with them are named here: plain facts of Maven Central, one line a group or family.
"""

_ARTIFACTS = {
    "antlr": "antlr",
    "aopalliance": "aopalliance",
    "com.google.code.findbugs": "jsr305",
    "com.google.inject": "guice",
    "com.h2database": "h2",
    "com.jayway.jsonpath": "json-path",
    "com.microsoft.sqlserver": "mssql-jdbc",
    "com.mysql": "mysql-connector-j",
    "com.oracle.database.jdbc": "ojdbc8 ojdbc11 ucp",
    "com.squareup.okhttp3": "okhttp logging-interceptor okhttp-tls okhttp-sse",
    "com.squareup.okio": "okio okio-jvm",
    "com.squareup.retrofit2": "retrofit",
    "commons-collections": "commons-collections",
    "dom4j": "dom4j",
    "io.perfmark": "perfmark-api",
    "io.projectreactor": "reactor-core reactor-test reactor-tools",
    "io.projectreactor.netty": "reactor-netty reactor-netty-core reactor-netty-http",
    "javax.inject": "javax.inject",
    "junit": "junit",
    "mysql": "mysql-connector-java",
    "net.java.dev.jna": "jna jna-platform",
    "net.sf.ehcache": "ehcache-core",
    "org.apache.ant": "ant ant-launcher ant-junit",
    "org.apache.axis": "axis",
    "org.apache.poi": (
        "poi poi-ooxml poi-ooxml-full poi-ooxml-lite poi-ooxml-schemas poi-scratchpad poi-examples"
    ),
    "org.apache.solr": "solr-core solr-solrj",
    "org.apache.tomcat": (
        "tomcat-annotations-api tomcat-api tomcat-catalina tomcat-coyote tomcat-dbcp tomcat-el-api"
        " tomcat-jasper tomcat-jasper-el tomcat-jaspic-api tomcat-jdbc tomcat-jni tomcat-jsp-api"
        " tomcat-juli tomcat-servlet-api tomcat-tribes tomcat-util tomcat-util-scan"
        " tomcat-websocket tomcat-websocket-api"
    ),
    "org.apache.velocity": "velocity",
    "org.apache.xmlbeans": "xmlbeans",
    "org.aspectj": "aspectjrt aspectjtools aspectjweaver aspectjmatcher",
    "org.beanshell": "bsh",
    "org.checkerframework": "checker-qual",
    "org.elasticsearch": (
        "elasticsearch elasticsearch-core elasticsearch-geo elasticsearch-lz4"
        " elasticsearch-secure-sm elasticsearch-x-content elasticsearch-cli"
    ),
    "org.elasticsearch.client": (
        "elasticsearch-rest-client elasticsearch-rest-high-level-client transport"
    ),
    "org.flywaydb": "flyway-core flyway-mysql",
    "org.hamcrest": "hamcrest hamcrest-core hamcrest-library",
    "org.hibernate": (
        "hibernate-core hibernate-entitymanager hibernate-envers hibernate-c3p0 hibernate-ehcache"
        " hibernate-jcache hibernate-java8 hibernate-hikaricp"
    ),
    "org.hibernate.common": "hibernate-commons-annotations",
    "org.liquibase": "liquibase-core",
    "org.mockito": "mockito-core mockito-inline mockito-junit-jupiter",
    "org.mozilla": "rhino",
    "org.objenesis": "objenesis",
    "org.opensearch": "opensearch opensearch-core opensearch-x-content opensearch-cli",
    "org.ow2.asm": "asm asm-analysis asm-commons asm-tree asm-util",
    "org.projectlombok": "lombok",
    "org.python": "jython jython-standalone",
    "org.quartz-scheduler": "quartz quartz-jobs",
    "org.scala-lang": "scala-library scala-reflect scala-compiler",
    "org.springframework": (
        "spring-aop spring-aspects spring-beans spring-context spring-context-indexer"
        " spring-context-support spring-core spring-core-test spring-expression spring-instrument"
        " spring-instrument-tomcat spring-jcl spring-jdbc spring-jms spring-messaging spring-orm"
        " spring-oxm spring-r2dbc spring-test spring-tx spring-web spring-webflux spring-webmvc"
        " spring-webmvc-portlet spring-websocket"
    ),
    "org.springframework.amqp": "spring-amqp spring-rabbit spring-rabbit-junit spring-rabbit-test",
    "org.springframework.graphql": "spring-graphql",
    "org.springframework.hateoas": "spring-hateoas",
    "org.springframework.kafka": "spring-kafka spring-kafka-test",
    "org.springframework.plugin": "spring-plugin-core spring-plugin-metadata",
    "org.springframework.retry": "spring-retry",
    "org.springframework.ws": "spring-ws-core spring-ws-security spring-ws-support spring-xml",
    "org.thymeleaf": "thymeleaf thymeleaf-spring4 thymeleaf-spring5 thymeleaf-spring6",
    "xalan": "xalan serializer",
    "xerces": "xercesImpl",
    "xml-apis": "xml-apis",
    "xmlpull": "xmlpull",
}

_FAMILIES = {  # artifacts that begin so
    "bcjmail-": "org.bouncycastle",
    "bcmail-": "org.bouncycastle",
    "bcpg-": "org.bouncycastle",
    "bcpkix-": "org.bouncycastle",
    "bcprov-": "org.bouncycastle",
    "bctls-": "org.bouncycastle",
    "bcutil-": "org.bouncycastle",
    "groovy": "org.codehaus.groovy",
    "grpc-": "io.grpc",
    "junit-jupiter": "org.junit.jupiter",
    "junit-platform-": "org.junit.platform",
    "kafka-": "org.apache.kafka",
    "kafka_": "org.apache.kafka",
    "kotlin-": "org.jetbrains.kotlin",
    "kotlinx-coroutines-": "org.jetbrains.kotlinx",
    "lucene-": "org.apache.lucene",
    "micrometer-": "io.micrometer",
    "opentelemetry-": "io.opentelemetry",
    "spring-batch-": "org.springframework.batch",
    "spring-boot": "org.springframework.boot",
    "spring-cloud-": "org.springframework.cloud",
    "spring-data-": "org.springframework.data",
    "spring-integration-": "org.springframework.integration",
    "spring-ldap-": "org.springframework.ldap",
    "spring-security-": "org.springframework.security",
    "spring-session-": "org.springframework.session",
    "tomcat-embed-": "org.apache.tomcat.embed",
}

_MOVED = {  # groups that became another one with a major version
    "dom4j": (2, "org.dom4j"),
    "org.codehaus.groovy": (4, "org.apache.groovy"),
    "org.hibernate": (6, "org.hibernate.orm"),
}

_BY_ARTIFACT = {
    artifact: group for group, artifacts in _ARTIFACTS.items() for artifact in artifacts.split()
}


def known_group(artifact: str, version: str = "") -> str:
    """Return the group of a well-known artifact, or an empty text."""
    group = _BY_ARTIFACT.get(artifact, "") or _family(artifact)
    since, moved_to = _MOVED.get(group, (0, ""))
    major = version.partition(".")[0]
    return moved_to if moved_to and major.isdecimal() and int(major[:9]) >= since else group


def _family(artifact: str) -> str:
    return next((group for start, group in _FAMILIES.items() if artifact.startswith(start)), "")
