"""Looking at uploads: programs of their own, which read one file from their input and write what becomes of it to their output.

    python -m app.media.press.pictures < photo.jpg
    python -m app.media.press.attachments report.docx < report.docx

The first line of the answer is JSON, what follows are the bytes to keep (for a picture). They know neither the site nor its
database: decoders of somebody else's pictures are what breaks, and here they break one upload (docs/adr/0018).
"""
