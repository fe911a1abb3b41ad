using System.Text;
using System.Text.Json;
using Impetus.Server.Observability;
using Impetus.Server.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Impetus.Server.Tests.Observability;

public sealed class FileLogTests
{
    [Fact]
    public void What_is_told_after_the_end_makes_no_file()
    {
        using var folder = new TemporaryDirectory();
        var file = new RotatingFile(folder.Path, maxBytes: 1000, keep: 2);
        file.Dispose();
        file.Write("late\n"u8);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_full_file_makes_room_and_the_oldest_goes()
    {
        using var folder = new TemporaryDirectory();
        using (var file = new RotatingFile(folder.Path, maxBytes: 19, keep: 3))
        {
            for (int i = 0; i < 9; i++)
                file.Write(Encoding.UTF8.GetBytes($"line {i} ..\n"));
        }

        Assert.Equal(["impetus.1.log", "impetus.2.log", "impetus.log"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("line 8 ..\n", File.ReadAllText(folder.Combine("impetus.log")));
        Assert.Equal("line 7 ..\n", File.ReadAllText(folder.Combine("impetus.1.log")));
        Assert.Equal("line 6 ..\n", File.ReadAllText(folder.Combine("impetus.2.log")));
    }

    [Fact]
    public void A_log_goes_on_where_the_last_run_ended()
    {
        using var folder = new TemporaryDirectory();
        for (int run = 0; run < 2; run++)
        {
            using var file = new RotatingFile(folder.Path, maxBytes: 1000, keep: 2);
            file.Write("one\n"u8);
        }

        Assert.Equal("one\none\n", File.ReadAllText(folder.Combine("impetus.log")));
    }

    [Fact]
    public void A_folder_that_is_gone_costs_lines_and_nothing_else()
    {
        using var file = new RotatingFile("/nowhere/at/all", maxBytes: 10, keep: 2);
        file.Write("lost\n"u8);
    }

    [Fact]
    public void A_line_is_one_JSON_object_whatever_is_in_it()
    {
        using var folder = new TemporaryDirectory();
        using (var log = new FileLog(folder.Path))
            log.CreateLogger("Some.Category").LogWarning(new InvalidOperationException("why"), "two\nlines of {WhatEver}, {Count}", "a\"b\u2028", 7);

        string line = Assert.Single(File.ReadAllLines(folder.Combine("impetus.log")));
        using var json = JsonDocument.Parse(line);
        Assert.Equal("warning", json.RootElement.Text("level"));
        Assert.Equal("Some.Category", json.RootElement.Text("category"));
        Assert.Equal("a\"b\u2028", json.RootElement.Text("what_ever"));
        Assert.Equal(7, json.RootElement.GetProperty("count").GetInt32());
        Assert.Contains("why", json.RootElement.Text("exception"), StringComparison.Ordinal);
    }
}
