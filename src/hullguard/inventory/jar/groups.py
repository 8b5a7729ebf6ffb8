"""Which Maven group publishes an artifact whose archive does not tell it.

Gradle and Ant put no `pom.properties` into archives, so the well-known libraries that are built
with them are named here. Plain facts, looked up in Maven Central; one line an artifact or family.
"""

_ARTIFACTS = {
    "com.google.code.findbugs": "jsr305",
    "com.h2database": "h2",
    "com.jayway.jsonpath": "json-path",
    "com.microsoft.sqlserver": "mssql-jdbc",
    "com.mysql": "mysql-connector-j",
    "com.oracle.database.jdbc": "ojdbc8 ojdbc11 ucp",
    "com.squareup.okhttp3": "okhttp logging-interceptor okhttp-tls okhttp-sse",
    "com.squareup.okio": "okio okio-jvm",
    "com.squareup.retrofit2": "retrofit",
    "commons-collections": "commons-collections",
    "io.projectreactor": "reactor-core reactor-test reactor-tools",
    "io.projectreactor.netty": "reactor-netty reactor-netty-core reactor-netty-http",
    "io.reactivex": "rxjava-reactive-streams",
    "io.spring.gradle": "dependency-management-plugin",
    "javax.inject": "javax.inject",
    "junit": "junit",
    "mysql": "mysql-connector-java",
    "net.sf.ehcache": "ehcache-core",
    "org.aspectj": "aspectjrt aspectjtools aspectjweaver aspectjmatcher",
    "org.beanshell": "bsh",
    "org.elasticsearch": (
        "elasticsearch elasticsearch-core elasticsearch-geo elasticsearch-lz4"
        " elasticsearch-secure-sm elasticsearch-x-content elasticsearch-cli"
    ),
    "org.elasticsearch.client": (
        "elasticsearch-rest-client elasticsearch-rest-high-level-client transport"
    ),
    "org.flywaydb": "flyway-core flyway-mysql",
    "org.hibernate": (
        "hibernate-core hibernate-entitymanager hibernate-envers hibernate-c3p0 hibernate-ehcache"
        " hibernate-jcache hibernate-java8 hibernate-hikaricp"
    ),
    "org.liquibase": "liquibase-core",
    "org.mockito": "mockito-core mockito-inline mockito-junit-jupiter",
    "org.mozilla": "rhino",
    "org.opensearch": "opensearch opensearch-core opensearch-x-content opensearch-cli",
    "org.projectlombok": "lombok",
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
    "org.apache.ant": "ant ant-launcher ant-junit",
    "org.apache.tomcat": (
        "tomcat-annotations-api tomcat-api tomcat-catalina tomcat-coyote tomcat-dbcp tomcat-el-api"
        " tomcat-jasper tomcat-jasper-el tomcat-jaspic-api tomcat-jdbc tomcat-jni tomcat-jsp-api"
        " tomcat-juli tomcat-servlet-api tomcat-tribes tomcat-util tomcat-util-scan"
        " tomcat-websocket tomcat-websocket-api"
    ),
    "xalan": "xalan serializer",
    "xerces": "xercesImpl",
    "xml-apis": "xml-apis",
}

_FAMILIES = {  # artifacts that begin so
    "bcjmail-": "org.bouncycastle",
    "bcmail-": "org.bouncycastle",
    "bcpg-": "org.bouncycastle",
    "bcpkix-": "org.bouncycastle",
    "bcprov-": "org.bouncycastle",
    "bctls-": "org.bouncycastle",
    "bcutil-": "org.bouncycastle",
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

_BY_ARTIFACT = {
    artifact: group for group, artifacts in _ARTIFACTS.items() for artifact in artifacts.split()
}


def known_group(artifact: str) -> str:
    """Return the group of a well-known artifact, or an empty text."""
    group = _BY_ARTIFACT.get(artifact)
    if group is not None:
        return group
    return next((group for start, group in _FAMILIES.items() if artifact.startswith(start)), "")
