namespace Impetus.Retrieval.Indexing.Storage;

/// <summary>
/// The tables of a library. Each collection has a full-text table <c>terms_N</c> (so that its word statistics are its own), a view of its
/// vocabulary <c>vocabulary_N</c>, and a table of vectors <c>vectors_N_G</c>, where G grows when the collection is embedded anew. Files that
/// are kept as they were sent, and what they are attached to, came with version 2.
/// </summary>
internal static class LibrarySchema
{
    /// <summary>Marks the file as ours ("Impe").</summary>
    public const int ApplicationId = 0x496D7065;

    /// <summary>Version of the schema, in <c>user_version</c>.</summary>
    public const int Version = 2;

    /// <summary>How much a word in a title or heading weighs, against one in the text.</summary>
    public const double TitleWeight = 2.0;

    private const string Tables = """
        CREATE TABLE settings(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE collections(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            model TEXT NOT NULL,
            dimensions INTEGER NOT NULL,
            generation INTEGER NOT NULL DEFAULT 1,
            target_length INTEGER NOT NULL,
            overlap INTEGER NOT NULL,
            max_tokens INTEGER NOT NULL,
            metadata TEXT,
            created INTEGER NOT NULL,
            documents INTEGER NOT NULL DEFAULT 0,
            chunks INTEGER NOT NULL DEFAULT 0,
            terms INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE documents(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            collection INTEGER NOT NULL REFERENCES collections,
            state INTEGER NOT NULL,
            job INTEGER,
            name TEXT NOT NULL,
            title TEXT NOT NULL,
            content_type TEXT,
            sha256 BLOB NOT NULL,
            bytes INTEGER NOT NULL,
            characters INTEGER NOT NULL,
            pages INTEGER NOT NULL,
            chunks INTEGER NOT NULL,
            terms INTEGER NOT NULL,
            language TEXT NOT NULL,
            created INTEGER NOT NULL,
            modified INTEGER,
            metadata TEXT,
            warnings TEXT);
        CREATE INDEX documents_by_collection ON documents(collection, state, language);
        CREATE UNIQUE INDEX documents_by_content ON documents(collection, sha256) WHERE state = 1;
        CREATE TABLE sources(
            collection INTEGER NOT NULL REFERENCES collections,
            source TEXT NOT NULL,
            document INTEGER NOT NULL REFERENCES documents,
            PRIMARY KEY(collection, source)) WITHOUT ROWID;
        CREATE INDEX sources_by_document ON sources(document);
        CREATE TABLE texts(
            id INTEGER PRIMARY KEY,
            document INTEGER NOT NULL REFERENCES documents,
            start INTEGER NOT NULL,
            text TEXT NOT NULL,
            hash INTEGER NOT NULL);
        CREATE UNIQUE INDEX texts_by_document ON texts(document, start);
        CREATE TABLE chunks(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document INTEGER NOT NULL REFERENCES documents,
            ordinal INTEGER NOT NULL,
            start INTEGER NOT NULL,
            end INTEGER NOT NULL,
            first_code_point INTEGER NOT NULL,
            end_code_point INTEGER NOT NULL,
            first_page INTEGER NOT NULL,
            last_page INTEGER NOT NULL,
            headings TEXT NOT NULL,
            tokens INTEGER NOT NULL,
            hash INTEGER NOT NULL);
        CREATE UNIQUE INDEX chunks_by_document ON chunks(document, ordinal);
        CREATE TABLE jobs(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            kind INTEGER NOT NULL,
            collection TEXT NOT NULL,
            state INTEGER NOT NULL,
            request TEXT NOT NULL,
            documents_done INTEGER NOT NULL DEFAULT 0,
            documents_total INTEGER NOT NULL DEFAULT 0,
            chunks_done INTEGER NOT NULL DEFAULT 0,
            chunks_total INTEGER NOT NULL DEFAULT 0,
            document TEXT,
            error TEXT,
            failures TEXT,
            created INTEGER NOT NULL);
        CREATE INDEX jobs_by_state ON jobs(state);
        CREATE TABLE payloads(
            id INTEGER PRIMARY KEY,
            job INTEGER NOT NULL REFERENCES jobs,
            part INTEGER NOT NULL,
            bytes BLOB NOT NULL);
        CREATE UNIQUE INDEX payloads_by_job ON payloads(job, part);
        CREATE TABLE idempotency(
            key TEXT PRIMARY KEY,
            request BLOB NOT NULL,
            document TEXT,
            job TEXT,
            created INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private const string FileTables = """
        CREATE TABLE files(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            content_type TEXT,
            purpose TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            created INTEGER NOT NULL);
        CREATE TABLE file_parts(
            id INTEGER PRIMARY KEY,
            file INTEGER NOT NULL REFERENCES files,
            start INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            hash INTEGER NOT NULL);
        CREATE UNIQUE INDEX file_parts_by_file ON file_parts(file, start);
        CREATE TABLE attachments(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            collection INTEGER NOT NULL REFERENCES collections,
            file INTEGER NOT NULL REFERENCES files,
            job INTEGER NOT NULL REFERENCES jobs,
            batch TEXT,
            created INTEGER NOT NULL);
        CREATE UNIQUE INDEX attachments_by_collection ON attachments(collection, file);
        CREATE INDEX attachments_by_file ON attachments(file);
        """;

    /// <summary>Makes the tables in a new file, or checks that the file is one that this version can use.</summary>
    public static void Prepare(SqliteSession session, string folder)
    {
        long version = session.Number("PRAGMA user_version");
        bool isEmpty = session.Number("SELECT count(*) FROM sqlite_schema") == 0;
        if (isEmpty)
        {
            session.Run("PRAGMA journal_mode = WAL");
            session.Run($"BEGIN IMMEDIATE; {Tables} {FileTables} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; COMMIT");
            return;
        }
        if (session.Number("PRAGMA application_id") != ApplicationId)
            throw SqliteFaults.Damaged(folder, "library.db is another program's database");
        if (version > Version)
        {
            throw new LibraryException(
                LibraryFault.NewerVersion,
                $"A newer Impetus wrote the library in {folder} (format {version}; this one reads up to {Version}). Update Impetus, or choose another "
                + "data directory. Nothing was changed.");
        }
        session.Run("PRAGMA journal_mode = WAL");
        if (version < 2)
            session.Run($"BEGIN IMMEDIATE; {FileTables} PRAGMA user_version = 2; COMMIT");
    }

    /// <summary>Makes a new collection's full-text and vector tables.</summary>
    public static void CreateCollection(SqliteSession session, long collection, long generation)
    {
        CreateTerms(session, collection);
        CreateVectors(session, collection, generation);
    }

    /// <summary>
    /// Contentless, over terms that are analysed already: letters and digits parted by spaces, which the ascii tokenizer leaves as they
    /// are. Deletion names the old terms, and secure-delete takes them out of the index at once.
    /// </summary>
    public static void CreateTerms(SqliteSession session, long collection) => session.Run($"""
        CREATE VIRTUAL TABLE {Terms(collection)} USING fts5(title, body, content='', tokenize='ascii');
        INSERT INTO {Terms(collection)}({Terms(collection)}, rank) VALUES('secure-delete', 1);
        CREATE VIRTUAL TABLE {Vocabulary(collection)} USING fts5vocab({Terms(collection)}, 'row');
        """);

    public static void DropTerms(SqliteSession session, long collection) =>
        session.Run($"DROP TABLE IF EXISTS {Vocabulary(collection)}; DROP TABLE IF EXISTS {Terms(collection)}");

    public static void CreateVectors(SqliteSession session, long collection, long generation) => session.Run(
        $"CREATE TABLE IF NOT EXISTS {Vectors(collection, generation)}(chunk INTEGER PRIMARY KEY, document INTEGER NOT NULL, vector BLOB NOT NULL, hash INTEGER NOT NULL)");

    public static void DropVectors(SqliteSession session, long collection, long generation) =>
        session.Run($"DROP TABLE IF EXISTS {Vectors(collection, generation)}");

    public static string Terms(long collection) => $"terms_{collection}";

    public static string Vocabulary(long collection) => $"vocabulary_{collection}";

    public static string Vectors(long collection, long generation) => $"vectors_{collection}_{generation}";
}
