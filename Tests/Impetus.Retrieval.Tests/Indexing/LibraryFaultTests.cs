using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Searching;
using Microsoft.Data.Sqlite;

namespace Impetus.Retrieval.Tests.Indexing;

public sealed class LibraryFaultTests
{
    [Fact]
    public async Task A_library_that_another_process_holds_is_refused_with_its_number()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var fault = await Assert.ThrowsAsync<LibraryException>(() => DocumentLibrary.OpenAsync(temporary.Options));
        Assert.Equal(LibraryFault.Locked, fault.Fault);
        Assert.Contains($"{Environment.ProcessId}", fault.Message, StringComparison.Ordinal);
        await temporary.AddAsync("a.txt", "The holder goes on working.");
    }

    [Fact]
    public async Task A_library_of_a_newer_version_is_left_alone()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        await temporary.CloseAsync();
        Change(temporary.File, "PRAGMA user_version = 99");
        byte[] before = await File.ReadAllBytesAsync(temporary.File);
        var fault = await Assert.ThrowsAsync<LibraryException>(() => temporary.OpenAsync());
        Assert.Equal(LibraryFault.NewerVersion, fault.Fault);
        Assert.Contains("Update Impetus", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(temporary.File));
    }

    [Theory]
    [InlineData("This is no database at all. ")]
    [InlineData("SQLite format 3")]
    public async Task A_file_that_is_no_library_is_named_and_left_alone(string beginning)
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        await temporary.CloseAsync();
        string content = string.Concat(Enumerable.Repeat(beginning, 2_000));
        await File.WriteAllTextAsync(temporary.File, content);
        var fault = await Assert.ThrowsAsync<LibraryException>(() => temporary.OpenAsync());
        Assert.Equal(LibraryFault.Damaged, fault.Fault);
        Assert.Contains(temporary.Folder, fault.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(temporary.File));
    }

    [Fact]
    public async Task Another_programs_database_is_refused()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        await temporary.CloseAsync();
        File.Delete(temporary.File);
        Change(temporary.File, "CREATE TABLE theirs(a)");
        Assert.Equal(LibraryFault.Damaged, (await Assert.ThrowsAsync<LibraryException>(() => temporary.OpenAsync())).Fault);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_or_written_is_named()
    {
        string folder = Directory.CreateTempSubdirectory("impetus-library-").FullName;
        try
        {
            // Rights do not bind the superuser; a file and a folder in the way bind everyone.
            string file = Path.Combine(folder, "file");
            await File.WriteAllTextAsync(file, "");
            await ExpectReadOnly(Path.Combine(file, "library"));
            Directory.CreateDirectory(Path.Combine(folder, "library", "library.lock"));
            await ExpectReadOnly(Path.Combine(folder, "library"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static async Task ExpectReadOnly(string folder)
        {
            var fault = await Assert.ThrowsAsync<LibraryException>(
                () => DocumentLibrary.OpenAsync(new(folder, new FakeModels(), TemporaryLibrary.ReadAsync)));
            Assert.Equal(LibraryFault.ReadOnly, fault.Fault);
            Assert.Contains(folder, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_full_disk_refuses_the_new_and_keeps_the_old()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var library = temporary.Library;
        var kept = await temporary.AddAsync("kept.txt", "The kept document.");
        long pages = library.Database.Read(session => session.Number("PRAGMA page_count"));
        await library.Database.Writer.RunOutsideTransactionAsync($"PRAGMA max_page_count = {pages + 3}");

        string large = DocumentLibraryTests.Long(3_000);
        var fault = await Assert.ThrowsAsync<LibraryException>(() => temporary.AddAsync("large.txt", large));
        Assert.Equal(LibraryFault.DiskFull, fault.Fault);
        Assert.Contains("Free some", fault.Message, StringComparison.Ordinal);
        Assert.Equal(kept.Document.Id, Assert.Single(library.List().Items).Id);
        Assert.Equal(kept.Document.Id, (await library.SearchAsync(new("kept document"))).Results[0].DocumentId);

        await library.Database.Writer.RunOutsideTransactionAsync("PRAGMA max_page_count = 1000000");
        Assert.Equal(AddOutcome.Created, (await temporary.AddAsync("large.txt", large)).Outcome);
        await library.PurgeAsync();
        Assert.Empty(await library.CheckAsync());
    }

    [Fact]
    public async Task A_flipped_bit_in_a_text_is_never_passed_for_evidence()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        var added = await temporary.AddAsync("a.txt", "The payment is due on the thirtieth of June.");
        await temporary.AddAsync("b.txt", "Other documents are not harmed.");
        await temporary.CloseAsync();
        byte[] bytes = await File.ReadAllBytesAsync(temporary.File);
        int place = bytes.AsSpan().IndexOf("thirtieth"u8);
        bytes[place] ^= 1;
        await File.WriteAllBytesAsync(temporary.File, bytes);

        await temporary.OpenAsync();
        var fault = Assert.Throws<LibraryException>(() => temporary.Library.Content(added.Document.Id));
        Assert.Equal(LibraryFault.Damaged, fault.Fault);
        Assert.NotEmpty(await temporary.Library.CheckAsync());
        Assert.Equal("b.txt", Assert.Single((await temporary.Library.SearchAsync(new("payment harmed"))).Results).Title);

        await temporary.Library.DeleteAsync(added.Document.Id);
        await temporary.Library.PurgeAsync();
        Assert.Empty(await temporary.Library.CheckAsync());
        Assert.Equal("b.txt", Assert.Single((await temporary.Library.SearchAsync(new("payment harmed"))).Results).Title);
    }

    [Fact]
    public async Task Full_text_of_an_older_analysis_is_built_anew_from_the_texts()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        await temporary.AddAsync("a.txt", "The kettle whistles.");
        await temporary.CloseAsync();
        Change(temporary.File, "DELETE FROM settings; INSERT INTO terms_1(terms_1) VALUES('delete-all'); UPDATE collections SET terms = 0");
        await temporary.OpenAsync();
        Assert.Single((await temporary.Library.SearchAsync(new("kettle") { Mode = SearchMode.FullText })).Results);
        Assert.Equal(3, temporary.Library.Database.Read(session => session.Number("SELECT terms FROM collections")));
        Assert.Empty(await temporary.Library.CheckAsync());
    }

    [Fact]
    public async Task A_damaged_page_is_found_by_the_check_and_said_by_those_who_read_it()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        for (int i = 0; i < 50; i++)
            await temporary.AddAsync($"{i}.txt", $"Document {i}. " + DocumentLibraryTests.Long(40));
        await temporary.CloseAsync();
        byte[] bytes = await File.ReadAllBytesAsync(temporary.File);
        const int PageSize = 16_384;
        for (int page = 2; page < bytes.Length / PageSize; page += 3)
            bytes.AsSpan(page * PageSize, 512).Fill(0xA5);
        await File.WriteAllBytesAsync(temporary.File, bytes);

        try
        {
            await temporary.OpenAsync();
            Assert.NotEmpty(await temporary.Library.CheckAsync());
        }
        catch (LibraryException e)
        {
            Assert.Equal(LibraryFault.Damaged, e.Fault);
        }
    }

    private static void Change(string file, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
