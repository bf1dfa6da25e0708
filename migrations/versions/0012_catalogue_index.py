"""the index of the catalogue, with each database's own full-text search

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table('course_listing',
    sa.Column('course_id', IDENTIFIER, nullable=False),
    sa.Column('edition_id', IDENTIFIER, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=100), nullable=False),
    sa.Column('sort_title', sa.String(length=200), nullable=False),
    sa.Column('level', sa.String(length=20), nullable=False),
    sa.Column('format', sa.String(length=20), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('price_cents', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('expires', sa.Date(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('instructors', sa.Text(), nullable=False),
    sa.Column('objectives', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_listing_course_id_course')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_course_listing_edition_id_edition')),
    sa.PrimaryKeyConstraint('course_id', name=op.f('pk_course_listing'))
    )
    op.create_index('ix_course_listing_order', 'course_listing', ['sort_title', 'course_id'], unique=False)
    op.create_table('listing_approval',
    sa.Column('course_id', IDENTIFIER, nullable=False),
    sa.Column('line', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course_listing.course_id'], name=op.f('fk_listing_approval_course_id_course_listing'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('course_id', 'line', name=op.f('pk_listing_approval'))
    )
    op.create_index(op.f('ix_listing_approval_line'), 'listing_approval', ['line'], unique=False)


def downgrade():
    op.drop_table("listing_approval")
    op.drop_table("course_listing")
