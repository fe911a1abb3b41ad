using System.Diagnostics;
using System.Text;
using Impetus.Retrieval.Reading;
using Impetus.Retrieval.Reading.Worker;

namespace Impetus.Retrieval.Tests.Reading;

/// <summary>The worker with a real child process: files that are read, and files that take the child down.</summary>
public sealed class ReaderWorkerTests
{
    private static readonly byte[] Words = Encoding.UTF8.GetBytes("The bell is rung three times at dusk.");

    [Fact]
    public async Task A_document_comes_through_the_pipe_as_it_was_read()
    {
        await using ReaderWorker worker = Worker();
        foreach (string name in (string[])["reportlab_chapters.pdf", "python_pptx_slides.pptx", "quoted.csv", "message.eml", "koi8r.txt", "chromium_arabic_rtl.pdf", "mixed_scan_and_text.pdf"])
        {
            byte[] bytes = GoldenDocument.Named(name).Bytes;
            ExtractedDocument here = new DocumentReader().Read(bytes, name), there = await worker.ReadAsync(bytes, name);
            Assert.Equal(here.Text, there.Text);
            Assert.Equal((here.Kind, here.Title, here.Encoding, here.Rows), (there.Kind, there.Title, there.Encoding, there.Rows));
            Assert.Equal(here.Pages, there.Pages);
            Assert.Equal(here.Blocks, there.Blocks);
            Assert.Equal(here.Headings, there.Headings);
            Assert.Equal(here.Outline, there.Outline);
            Assert.Equal(here.RunningText, there.RunningText);
            Assert.Equal(here.Attachments, there.Attachments);
            Assert.Equal(here.Metadata, there.Metadata);
            Assert.Equal(here.Warnings.Select(warning => (warning.Code, warning.Message, string.Join(',', warning.Pages))), there.Warnings.Select(warning => (warning.Code, warning.Message, string.Join(',', warning.Pages))));
        }
        Assert.Equal(1, worker.Starts);
    }

    [Fact]
    public async Task A_refusal_comes_through_the_pipe_and_the_child_goes_on()
    {
        await using ReaderWorker worker = Worker();
        ReadException error = await Assert.ThrowsAsync<ReadException>(() => worker.ReadAsync(GoldenDocument.Named("encrypted.docx").Bytes, "encrypted.docx"));
        Assert.Equal(ReadError.Encrypted, error.Error);
        await AssertReads(worker);
        Assert.Equal(1, worker.Starts);
    }

    [Theory]
    [InlineData("overflows-the-stack.pdf", ReadError.Damaged)]
    [InlineData("exits.pdf", ReadError.Damaged)]
    [InlineData("babbles.pdf", ReadError.Damaged)]
    [InlineData("hoards-memory.pdf", ReadError.TooLarge)]
    [InlineData("never-ends.pdf", ReadError.TooLarge)]
    public async Task A_file_that_takes_its_reader_down_is_an_error_and_the_next_one_is_read(string name, ReadError expected)
    {
        await using ReaderWorker worker = Worker(new ReadingLimits { Seconds = name == "never-ends.pdf" ? 1 : 60 });
        ReadException error = await Assert.ThrowsAsync<ReadException>(() => worker.ReadAsync(Words, name));
        Assert.Equal(expected, error.Error);
        await AssertReads(worker);
        Assert.Equal(2, worker.Starts);
    }

    [Fact]
    public async Task A_cancelled_reading_ends_at_once_and_the_next_file_is_read()
    {
        await using ReaderWorker worker = Worker();
        await AssertReads(worker);
        using CancellationTokenSource cancellation = new();
        Task<ExtractedDocument> reading = worker.ReadAsync(Words, "never-ends.pdf", cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await AssertReads(worker);
    }

    [Fact]
    public async Task Readings_at_the_same_time_wait_for_one_another()
    {
        await using ReaderWorker worker = Worker();
        ExtractedDocument[] documents = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => worker.ReadAsync(Encoding.UTF8.GetBytes($"Lamp {i}."), "lamp.txt")));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"Lamp {i}."), documents.Select(document => document.Text));
        Assert.Equal(1, worker.Starts);
    }

    [Fact]
    public async Task An_executable_that_is_no_reader_is_told_apart_from_a_bad_file()
    {
        await using ReaderWorker worker = new(() => new ProcessStartInfo(HostPath));
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => worker.ReadAsync(Words, "words.txt"));
        Assert.Contains(HostPath, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_files_end_in_bounded_time_and_in_the_memory_of_their_fixture()
    {
        foreach (GoldenDocument golden in GoldenDocument.Names.Select(GoldenDocument.Named).Where(golden => golden.Number("limit_seconds") is not null))
        {
            // The fixture's seconds are for a machine that has nothing else to do; a busy one gets ten times as many.
            ReadingLimits limits = new() { Seconds = 10 * golden.Number("limit_seconds")!.Value };
            await using ReaderWorker worker = Worker(limits, heapBytes: (long)(golden.Number("limit_memory_mb") ?? 256) << 20);
            Exception? error = await Record.ExceptionAsync(() => worker.ReadAsync(golden.Bytes, golden.File));
            if (golden.MustFail || error is not null)
                Assert.Contains(Assert.IsType<ReadException>(error).Code, golden.AcceptedErrors);
            Assert.DoesNotContain("given up", error?.Message ?? "", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_programs_streams_may_be_any_and_their_end_ends_it()
    {
        using MemoryStream input = new(), output = new();
        input.Write(WorkerProtocol.Request("words.txt", Words.Length, ReadingLimits.Default));
        input.Write(Words);
        input.Position = 0;
        Assert.Equal(0, await ReaderWorkerProgram.RunAsync(input, output));
        string[] lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n');
        Assert.Equal("""{"ready":true}""", lines[0]);
        Assert.Contains("The bell is rung", lines[1], StringComparison.Ordinal);
    }

    private static async Task AssertReads(ReaderWorker worker) =>
        Assert.Equal("The bell is rung three times at dusk.", (await worker.ReadAsync(Words, "words.txt")).Text);

    private static ReaderWorker Worker(ReadingLimits? limits = null, long heapBytes = 256L << 20) =>
        new(() => new ProcessStartInfo(HostPath, "--reader"), limits, heapBytes);

    private static string HostPath => Path.Combine(AppContext.BaseDirectory, "ReaderWorkerHost" + (OperatingSystem.IsWindows() ? ".exe" : ""));
}
